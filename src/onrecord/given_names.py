"""Common given names with the gender that they most often show; a cue, never a proof.

Names borne by both ("Jordan", "Taylor") stand in neither set but in `EITHER`, where they still
show that a person is meant.
"""

from __future__ import annotations

from typing import Literal

from onrecord.wordlists import words

__all__ = ["ALSO_SURNAMES", "EITHER", "FEMALE", "MALE", "Gender", "given_gender", "is_given"]

Gender = Literal["f", "m", ""]

FEMALE = words(
    """
    Abigail Ada Adele Agnes Aisha Alexandra Alice Alicia Alina Alison Allison Alyssa Amalia Amanda
    Amber Amelia Amina Amira Amy Ana Anastasia Andrea Angela Angelica Anita Ann Anna Anne Annette
    Annie April Ariana Arlene Ashley Astrid Audrey Ava Barbara Beatrice Becky Belinda Bernadette
    Bertha Beth Bethany Betsy Betty Beverly Bianca Birgit Bonnie Brenda Bridget Brigitte Brittany
    Camila Camilla Candace Cara Carla Carly Carmen Carol Carole Carolina Caroline Carolyn Carrie
    Catarina Catherine Cathy Cecilia Celeste Charlotte Chelsea Cheryl Chloe Christina Christine
    Cindy Claire Clara Claudia Colleen Connie Constance Corinne Cristina Cynthia Dana Daniela
    Danielle Dawn Debbie Deborah Debra Deirdre Delia Denise Diana Diane Dianne Dolores Donna Dora
    Doris Dorothy Ebony Edith Edna Eileen Elaine Eleanor Elena Elisa Elisabeth Elise Eliza
    Elizabeth Ella Ellen Elsa Elsie Emilia Emily Emma Erica Erika Erin Esther Ethel Eugenia Eva
    Eve Evelyn Farah Fatima Felicia Fiona Flora Frances Francesca Frida Gabriela Gabrielle Gail
    Gemma Genevieve Geraldine Gertrude Gina Gisela Giulia Gladys Glenda Gloria Grace Greta
    Gretchen Gwen Gwendolyn Hannah Harriet Heather Heidi Helen Helena Helga Henrietta Hilary Hilda
    Hillary Holly Huma Ida Ines Ingrid Irene Iris Irina Isabel Isabella Isabelle Ivanka Jacqueline
    Jane Janet Janice Jasmine Jean Jeanette Jeanne Jenna Jennifer Jenny Jessica Jill Joan Joanna
    Joanne Jodi Josephine Joyce Juanita Judith Judy Julia Juliana Julie Juliet June Kara Karen
    Karin Karla Kate Katharine Katherine Kathleen Kathryn Kathy Katie Katrina Kayla Kellyanne
    Khadija Kimberly Kirsten Kristen Kristin Kristina Lara Larissa Laura Lauren Laurie Layla Leah
    Leila Lena Leticia Lila Lillian Lily Linda Lindsay Lisa Liz Lois Lorena Loretta Lori Lorraine
    Louise Lucia Lucille Lucinda Lucy Luisa Lydia Lynn Mabel Madeleine Madeline Magdalena Maggie
    Malala Mandy Marcia Margaret Margarita Margot Maria Mariam Marian Mariana Marie Marilyn Marina
    Marisa Marissa Marjorie Marlene Marsha Marta Martha Martina Mary Maryam Matilda Maureen Maxine
    Maya Megan Melania Melanie Melinda Melissa Mercedes Meredith Mia Michaela Michele Michelle
    Mildred Mindy Miranda Miriam Molly Mona Monica Monique Muriel Myra Nadia Nancy Naomi Natalia
    Natalie Natasha Nellie Nicola Nicole Nina Noor Nora Norma Olga Olivia Ophelia Paige Pamela
    Patricia Patsy Patty Paula Pauline Peggy Penelope Penny Petra Phyllis Polly Priscilla Priya
    Rachel Ramona Raquel Rebecca Regina Renata Renee Rhonda Rita Roberta Rosa Rosalind Rose
    Rosemary Roxanne Ruth Sabrina Sally Samantha Sandra Sara Sarah Selena Selma Shannon Sharon
    Sheila Shelly Sherry Shirley Sienna Simone Sofia Sonia Sophia Sophie Stacey Stacy Stella
    Stephanie Sue Susan Susana Susie Suzanne Svetlana Sylvia Tamara Tammy Tanya Tara Tatiana
    Teresa Theresa Tiffany Tina Tracy Trisha Ursula Valentina Valerie Vanessa Vera Veronica
    Victoria Viola Violet Vivian Wanda Wendy Whitney Wilma Winifred Yasmin Yolanda Yvette Yvonne
    Zainab Zoe Elspeth Freya Imogen Niamh Siobhan Saoirse Aoife Ayesha Lakshmi Anjali Deepa Sunita
    Mei Yuki Sakura Keiko
    """
)

MALE = words(
    """
    Aaron Abdul Abdullah Abe Abraham Adam Adrian Ahmad Ahmed Alan Albert Alberto Alejandro
    Alexander Alexei Alfonso Alfred Ali Allan Allen Alvin Amir Amos Anders Andre Andreas Andrei
    Andrew Andy Angelo Anibal Anthony Anton Antonio Archie Ari Armando Arnold Arthur Asher
    Augustine Barack Barney Barry Bart Bashar Basil Ben Benjamin Bernard Bernie Bert Bill Billy
    Bjorn Bob Bobby Boris Brad Bradley Brandon Brendan Brent Brett Brian Bruce Bruno Bryan Byron
    Caleb Calvin Carl Carlos Carlton Cedric Cesar Chad Charles Charlie Chester Chris Christoph
    Christopher Chuck Clarence Claude Clay Clayton Clifford Clint Clyde Cole Colin Connor Corey
    Cory Craig Curtis Cyril Dale Damian Damon Dan Daniel Danny Darren Darryl Dave David Dean
    Declan Dennis Derek Derrick Desmond Diego Dietrich Dimitri Dinesh Dirk Dmitry Dominic Don
    Donald Doug Douglas Duane Duncan Dwayne Dwight Ed Eddie Edgar Eduardo Edward Edwin Eli Elias
    Elijah Elliot Elliott Elmer Elon Emilio Emmanuel Enrique Eric Erik Ernest Ernesto Ethan Eugene
    Evan Everett Ezra Felipe Felix Ferdinand Fernando Finn Floyd Francisco Franco Frank Franklin
    Franz Fred Freddie Frederick Gabriel Garrett Gary Gavin Gene Geoffrey George Gerald Gerard
    Gerardo Gilbert Giovanni Glen Glenn Gordon Graham Grant Greg Gregory Guillermo Gustav Gustavo
    Hamid Hank Hans Harold Harry Harvey Hassan Hector Heinrich Henry Herbert Herman Homer Horace
    Howard Hubert Hugh Hugo Hussein Ian Ibrahim Igor Imran Irving Isaac Isaiah Ismail Ivan Jack
    Jacob Jacques Jake Jamal James Jamie Jan Jared Jason Javier Jay Jeb Jeff Jeffrey Jens Jeremiah
    Jeremy Jermaine Jerome Jerry Jesse Jim Jimmy Joachim Joaquin Joe Joel Johan Johannes John
    Johnny Jon Jonah Jonas Jonathan Jorge Jose Josef Joseph Josh Joshua Juan Jude Jules Julian
    Julio Jurgen Justin Kareem Karl Keith Ken Kenneth Kevin Khalid Khizr Kirk Klaus Kurt Kyle
    Lamar Lance Larry Lars Laurence Lawrence Leo Leon Leonard Leonardo Leroy Les Lester Lewis Liam
    Lindsey Lloyd Lorenzo Lou Louis Luca Lucas Luigi Luis Luka Luke Luther Mahmoud Malcolm Manuel
    Marc Marcel Marco Marcos Marcus Mario Mark Marshall Martin Marty Marvin Matt Matteo Matthew
    Maurice Max Maxwell Mel Melvin Michael Miguel Mike Mikhail Miles Milton Mitch Mitchell Mohamed
    Mohammad Mohammed Muhammad Murray Mustafa Nasser Nate Nathan Nathaniel Ned Neil Nelson Newt
    Niall Nicholas Nick Nicolas Nigel Nikolai Nikolas Noah Noel Norman Oleg Oliver Omar Oscar
    Osama Otto Owen Pablo Paddy Paolo Pascal Patrick Paul Pavel Pedro Percy Pete Peter Phil Philip
    Philippe Phillip Pierre Rafael Rajesh Ralph Ramon Randall Randy Rand Raphael Raul Ray Raymond
    Reggie Reginald Reince Rene Ricardo Richard Rick Ricky Rob Robert Roberto Robin Rod Roderick
    Rodney Rodrigo Roger Roland Rolf Ron Ronald Ronnie Ross Roy Rudolph Rudy Rufus Rupert Russell
    Ryan Saad Salim Salman Salvador Salvatore Sam Samir Samuel Santiago Saul Scott Sean Sebastian
    Sergei Sergio Seth Shane Shaun Shawn Sheldon Sid Sidney Simon Spencer Stan Stanley Stefan
    Stephen Steve Steven Stewart Stuart Suleiman Sven Tariq Ted Terence Terrence Theo Theodore
    Thomas Tim Timothy Toby Todd Tom Tomas Tommy Tony Travis Trent Trevor Trey Troy Tyler Tyrone
    Ulrich Umberto Vernon Victor Vijay Vikram Vince Vincent Vincenzo Vito Vlad Vladimir Wade
    Wallace Walter Warren Wayne Wes Wesley Wilbur Wilfred Will Willard William Willie Wolfgang
    Xavier Yasser Youssef Yusuf Zachary Zack Abu Cillian Fergus Hamish Rory Seamus Kofi Kwame
    Chinedu Rahul Sanjay Sunil Anil Hiroshi Kenji Takeshi Nguyen Wei Huan Robby Kasim Recep
    Benyamin Bibi Emile Francois Hillel Shimon Tzvi Mordechai Tobias Florian Markus Mathias Mats
    Nils Olaf Pekka Jussi Gennady Yuri
    """
)

EITHER = words(
    """
    Alex Ashton Blake Cameron Casey Chandra Charlie Chris Dominique Drew Francis Frankie Harper
    Hayden Jackie Jaime Jody Jordan Kelly Kim Kerry Kendall Lee Leslie Logan Loren Mackenzie
    Morgan Nicky Parker Pat Quinn Reese Riley River Robbie Rowan Sandy Sasha Taylor Terry Toni Val
    Vivienne Ariel
    """
)


# Given names that stand as often alone as a surname, and then say nothing about gender.
ALSO_SURNAMES = words(
    """
    Abdullah Ahmed Ali Allen Anthony Arnold Barry Blake Castro Craig Cruz Curtis Dean Douglas Duncan
    Elliott Francis Franklin George Gilbert Gordon Graham Harvey Hassan Henry Howard Hugh Hussein
    Ibrahim James Kennedy Kent Kirk Lamar Lance Lawrence Leonard Lewis Lloyd Logan Marshall Martin
    Maxwell Max Miles Mitchell Mohammed Murray Nasser Neil Nelson Newt Nguyen Norman Omar Owen Patrick
    Paul Percy Quinn Ralph Randall Rand Ray Raymond Ross Roy Russell Ryan Salman Scott Seth Shane Simon
    Spencer Stanley Stewart Stuart Terrence Thomas Todd Trent Tyler Victor Vincent Wallace Walter
    Warren Wayne Wei Will Carson Carter Clay Cole Cruz Earl Grant Ivy
    """
)


def given_gender(word: str) -> Gender:
    """`f` or `m` where the given name `word` nearly always shows it, else the empty string.

    >>> given_gender("Ingrid"), given_gender("Morgan")
    ('f', '')
    """
    if word in EITHER:
        return ""
    if word in FEMALE:
        return "f"
    return "m" if word in MALE else ""


def is_given(word: str) -> bool:
    """Whether `word` is a common given name; hyphenated ones by their first half."""
    return (
        word in MALE
        or word in FEMALE
        or word in EITHER
        or ("-" in word and is_given(word.partition("-")[0]))
    )
